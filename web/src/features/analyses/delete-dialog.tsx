import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { words } from "./words.ts";

interface Props {
  name: string;
  onTrash: () => void;
  onRemove: () => void;
  onClose: () => void;
}

/** Into the trash, or for good in one step. */
export function DeleteDialog({ name, onTrash, onRemove, onClose }: Props) {
  const { removeTitle, toTrash, removeText, removeForGood } = words();
  return (
    <ConfirmDialog title={removeTitle} confirmLabel={toTrash} isDestructive={false} other={{ label: removeForGood, onChosen: onRemove }} onConfirm={onTrash} onClose={onClose}>
      {removeText(name)}
    </ConfirmDialog>
  );
}
