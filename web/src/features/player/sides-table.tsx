import "./facts.css";

import type { ComponentChildren } from "preact";

import { words } from "./words.ts";

/** Something of the frame on screen, left and right beside each other. */
export function SidesTable({ testId, children }: { testId: string; children: ComponentChildren }) {
  const { anglesFrame, left, right } = words();
  return (
    <table class="angles" data-testid={testId}>
      <thead>
        <tr>
          <th scope="col">{anglesFrame}</th>
          <th scope="col" class="angles-left">
            {left}
          </th>
          <th scope="col" class="angles-right">
            {right}
          </th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
