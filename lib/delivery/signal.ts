/** Waits that can be cut short: a doorbell inside the process. A wake while nobody waits is kept. */
export class Signal {
  private rung = false;
  private answer: (() => void) | undefined;

  wake(): void {
    this.rung = true;
    this.answer?.();
  }

  /** Until the next wake, or so many milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.answer = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.answer = undefined;
    this.rung = false;
  }
}
