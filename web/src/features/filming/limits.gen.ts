/** The limits of the analysis, written by scripts/filming.py: hints are what is said later. */
export const limits = {
  dark: 0.08,
  flat: 0.02,
  blurred: 0.03,
  smallTorsoPx: 35.0,
  large: 0.9,
  samples: 96,
  bodyPx: 256,
  stepPx: 2,
  longestS: 600.0,
  mostBytes: 500000000,
} as const;
