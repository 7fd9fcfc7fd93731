/** One tab sends a file; the others of the same browser wait for it. Where there are no locks, each tab is alone. */

const locks = (navigator as Partial<Navigator>).locks; // missing outside secure contexts

function nameOf(fingerprint: string): string {
  return `ascension.upload.${fingerprint}`;
}

/** Does the work unless another tab is at it; false where it did nothing. */
export async function alone(fingerprint: string, work: () => Promise<void>): Promise<boolean> {
  if (locks === undefined) {
    await work();
    return true;
  }
  return locks.request(nameOf(fingerprint), { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work();
    return lock !== null;
  });
}

export async function isInOtherTab(fingerprint: string): Promise<boolean> {
  if (locks === undefined) return false;
  return locks.request(nameOf(fingerprint), { ifAvailable: true }, (lock) => lock === null);
}

/** Resolves when no tab is sending it any more. */
export async function afterOtherTab(fingerprint: string): Promise<void> {
  await locks?.request(nameOf(fingerprint), () => undefined);
}
