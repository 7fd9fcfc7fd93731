/**
 * Grades of routes and boulders, from one scale to another. No two tables agree, so a conversion is "about", and an
 * interval where they differ. Between routes and boulders nothing is converted: they grade different things.
 *
 * Sources: Draper et al. 2015 (IRCRA, Sports Technology 8:88), theCrag's and Rockfax's tables, compared cell by cell;
 * docs/decisions/0034-first-minutes.md says where they part.
 */

import { recall, remember } from "./memory.ts";
import { createStore } from "./store.ts";

export const scales = ["french", "yds", "uiaa", "font", "v"] as const;
export type Scale = (typeof scales)[number];

export interface Grade {
  scale: Scale;
  text: string;
}

const key = "ascension.grades";

/** The scale in which somebody reads grades; null: as they are written. */
export const preferredScale = createStore<Scale | null>(scaleOf(recall(key)));

export function setScale(next: Scale | null): void {
  remember(key, next);
  preferredScale.set(next);
}

/** A cell with a gap is an interval: the tables differ, or one grade covers two. */
const routes = `
4a|5.4|IV
4b|5.5|IV+
4c|5.6|V-
5a|5.7|V V+
5b|5.8|V+ VI-
5c|5.9|VI- VI
6a|5.10a|VI VI+
6a+|5.10b|VI+ VII-
6b|5.10c|VII-
6b+|5.10d|VII- VII
6c|5.11a 5.11b|VII VII+
6c+|5.11b 5.11c|VII+ VIII-
7a|5.11d|VIII-
7a+|5.12a|VIII
7b|5.12b|VIII+ IX-
7b+|5.12c|IX-
7c|5.12d|IX
7c+|5.13a|IX+
8a|5.13b|IX+ X-
8a+|5.13c|X-
8b|5.13d|X
8b+|5.14a|X X+
8c|5.14b|X+
8c+|5.14c|XI-
9a|5.14d|XI-
9a+|5.15a|XI
9b|5.15b|XI XI+
9b+|5.15c|XI+
9c|5.15d|XII-`;

const boulders = `
3|VB
4|V0
4+|V0
5|V1
5+|V2
6A|V3
6A+|V3
6B|V4
6B+|V4 V5
6C|V5
6C+|V5 V6
7A|V6
7A+|V7
7B|V8
7B+|V8 V9
7C|V9
7C+|V10
8A|V11
8A+|V12
8B|V13
8B+|V14
8C|V15
8C+|V16
9A|V17`;

type Row = Partial<Record<Scale, readonly string[]>>;
const rows: readonly Row[] = [...tableOf(routes, ["french", "yds", "uiaa"]), ...tableOf(boulders, ["font", "v"])];
/** Every grade of a scale, easiest first. */
export const ladder = Object.fromEntries(scales.map((scale) => [scale, [...new Set(rows.flatMap((row) => row[scale] ?? []))]])) as Record<Scale, string[]>;

/** The easiest and the hardest that it may be; null: it is of another kind, or there is no such grade. */
export function converted({ scale, text }: Grade, to: Scale): readonly [string, string] | null {
  const found = rows.filter((row) => row[scale]?.includes(text) === true).flatMap((row) => row[to] ?? []);
  const places = found.map((grade) => ladder[to].indexOf(grade));
  const [least, most] = [ladder[to][Math.min(...places)], ladder[to][Math.max(...places)]];
  return least === undefined || most === undefined ? null : [least, most];
}

/**
 * The grade at the end of a route's name: "Blue arête 6b+". French routes are written small, Fontainebleau's boulders
 * large. Roman numerals alone are too often no grade: they count with a sign or after "UIAA".
 */
export function gradeIn(name: string): Grade | null {
  const [last = "", before = ""] = name.trim().replace(/−|–/g, "-").split(/\s+/).reverse();
  const bare = last.replace(/^[([]|[)\]]$/g, "");
  if (/[+-]$/.test(bare) || before.toUpperCase() === "UIAA") {
    const roman = gradeOf("uiaa", bare.toUpperCase());
    if (roman !== null) return roman;
  }
  return gradeOf("french", bare) ?? gradeOf("yds", bare) ?? (/[A-C]\+?$/.test(bare) ? gradeOf("font", bare) : null) ?? gradeOf("v", bare.toUpperCase());
}

function gradeOf(scale: Scale, text: string): Grade | null {
  return ladder[scale].includes(text) ? { scale, text } : null;
}

function tableOf(text: string, columns: readonly Scale[]): Row[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const row: Row = {};
      for (const [column, cell] of line.split("|").entries()) {
        const scale = columns[column];
        if (scale !== undefined) row[scale] = cell.split(" ");
      }
      return row;
    });
}

function scaleOf(value: unknown): Scale | null {
  return scales.find((known) => known === value) ?? null;
}
