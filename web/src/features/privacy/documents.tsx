import { words } from "./words.ts";

/** A sentence with both documents in it, each in a page of its own. */
export function WithDocuments({ parts }: { parts: string[] }) {
  const { terms, privacy } = words();
  return (
    <>
      {parts[0]}
      <a href="/terms" target="_blank" rel="noopener">
        {terms}
      </a>
      {parts[1]}
      <a href="/privacy" target="_blank" rel="noopener">
        {privacy}
      </a>
      {parts[2]}
    </>
  );
}
