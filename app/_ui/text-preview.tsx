import type { ReactNode } from "react";
import { type Block, noticeBlocks } from "../../lib/notices/words/blocks.ts";

/** A published text as people read it: headings, points, paragraphs, nothing else. Line breaks stay. */
export function TextBlocks({ body }: { body: string }) {
  const blocks = noticeBlocks(body);
  return (
    <div className="max-w-text space-y-2.5 [overflow-wrap:anywhere]">
      {blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text's blocks have no other identity
        <BlockView key={i} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { block: Block }): ReactNode {
  if ("points" in block)
    return (
      <ul className="list-disc space-y-1 pl-5">
        {block.points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    );
  if (block.kind === "heading") return <h3 className="pt-1.5 font-semibold">{block.text}</h3>;
  return <p className="whitespace-pre-line">{block.text}</p>;
}
