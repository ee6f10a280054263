"use client";
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

/** False in the page as it was sent and without script, true once script runs. */
export const useHydrated = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
