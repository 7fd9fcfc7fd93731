import { ToolsIcon } from "../../components/icons.tsx";
import type { LookKit } from "./use-tools.ts";
import { words } from "./words.ts";

/** Opens and closes what is not needed all the time. */
export function ToolsButton({ tools }: { tools: LookKit }) {
  return (
    <button type="button" class="button button-quiet tool" aria-expanded={tools.isOpen} onClick={tools.toggle} data-testid="tools">
      <ToolsIcon /> {words().tools.title}
    </button>
  );
}
