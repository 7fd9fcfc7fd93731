/** Writers of numbers and dates. To make one takes longer than to write a hundred numbers with it, so each is made once. */

import { language } from "./language.ts";

export const numberFormat = kept((spoken, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(spoken, options));
export const dateFormat = kept((spoken, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(spoken, options));
export const relativeFormat = kept((spoken, options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(spoken, options));

/** One for each language and way of writing. */
function kept<Options extends object, Format>(make: (spoken: string, options: Options) => Format): (options: Options) => Format {
  const made = new Map<string, Format>();
  return (options) => {
    const spoken = language.get();
    const key = spoken + JSON.stringify(options);
    const format = made.get(key) ?? make(spoken, options);
    made.set(key, format);
    return format;
  };
}

/** The first writer of all takes a phone a tenth of a second: to be called while the network has it wait anyway. */
export function warmFormats(): void {
  relativeFormat({ numeric: "auto" }); // it has one of numbers in it
}
