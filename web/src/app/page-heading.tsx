import { useEffect } from "preact/hooks";

/** What a page is called, here and in the window's title. The focus lands here after every step to another page. */
export function PageHeading({ title }: { title: string }) {
  useEffect(() => {
    document.title = `${title} · Ascension`;
  }, [title]);
  return <h1 tabIndex={-1}>{title}</h1>;
}
