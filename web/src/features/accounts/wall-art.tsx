/** A climber on a wall, drawn the way the player draws one. Decoration only. */
export function WallArt() {
  return (
    // The whole climber fits any shape of picture; the wall runs far beyond it on all sides.
    <svg class="wall-art" viewBox="150 110 400 620" preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      <path d="M-1200-600h3100v1100L420 250 190 120-1200 900z" fill="#25201c" />
      <path d="M-1200 540 190 120l230 130-120 210-1500 260z" fill="#2c2621" />
      <path d="M420 250 1900-260v560L470 560 300 460z" fill="#221d1a" />
      <path d="M-1200 610l1500-150 170 100-190 900h-1480z" fill="#1f1b18" />
      <path d="M470 560 1900 190v1400H280z" fill="#2a2420" />
      <g fill="#4b4139">
        <path d="M96 262c14-12 40-8 44 8 4 15-16 26-34 22-16-4-22-20-10-30z" />
        <path d="M536 352c18-6 36 6 32 22-4 14-28 16-38 4-8-10-6-22 6-26z" />
        <path d="M118 560c12-14 38-12 42 4 4 18-22 26-38 18-12-6-12-14-4-22z" />
        <path d="M556 640c16-8 36 2 34 18-2 14-26 18-36 8-8-8-8-20 2-26z" />
        <path d="M88 96c16-8 34 0 34 16 0 14-22 18-34 10-10-8-10-20 0-26z" />
      </g>
      <g fill="#4b4139">
        <path d="M-120 420c18-12 42-8 44 10 2 16-24 24-40 16-14-6-14-18-4-26z" />
        <path d="M-40 660c14-10 40-6 40 10s-24 20-38 12c-10-6-10-16-2-22z" />
        <path d="M-220 250c14-10 40-6 40 10s-24 20-38 12c-10-6-10-16-2-22z" />
        <path d="M720 520c16-8 36 2 34 18-2 14-26 18-36 8-8-8-8-20 2-26z" />
        <path d="M690 210c16-10 40-2 38 14s-28 20-40 10c-8-8-8-18 2-24z" />
        <path d="M850 330c16-8 36 2 34 18-2 14-26 18-36 8-8-8-8-20 2-26z" />
      </g>
      <g fill="#d9532c">
        <path d="M440 132c18-10 44 0 44 20 0 18-28 26-44 14-14-10-14-26 0-34z" />
        <path d="M236 214c14-12 42-8 46 10 4 16-20 28-38 20-16-6-20-20-8-30z" />
        <path d="M408 566c16-10 42-2 42 16 0 16-28 22-42 10-10-8-10-20 0-26z" />
        <path d="M214 612c14-12 40-6 42 10 2 16-22 24-38 16-14-6-16-18-4-26z" />
        <path d="M330 742c16-8 38 0 38 16 0 14-26 20-38 10-10-8-10-20 0-26z" />
      </g>
      <path d="M352 690c-34-54-18-92-12-140s14-88 2-128" fill="none" stroke="#f6f1ea" stroke-width="4" stroke-linecap="round" stroke-dasharray="1 13" opacity=".75" />
      <g fill="none" stroke-width="9" stroke-linecap="round" stroke-linejoin="round">
        <path d="M312 330h72l-14 116h-48z" stroke="#f6f1ea" />
        <path d="M384 330l44-78 32-96" stroke="#4fd1e8" />
        <path d="M312 330l-44-26 4-76" stroke="#ffae42" />
        <path d="M370 446l62 38-4 92" stroke="#4fd1e8" />
        <path d="M322 446l-62 58-20 108" stroke="#ffae42" />
      </g>
      <circle cx="352" cy="268" r="30" fill="#1a1614" stroke="#f6f1ea" stroke-width="8" />
      <g fill="#1a1614" stroke-width="5">
        <g stroke="#4fd1e8">
          <circle cx="384" cy="330" r="9" />
          <circle cx="428" cy="252" r="9" />
          <circle cx="370" cy="446" r="9" />
          <circle cx="432" cy="484" r="9" />
        </g>
        <g stroke="#ffae42">
          <circle cx="312" cy="330" r="9" />
          <circle cx="268" cy="304" r="9" />
          <circle cx="322" cy="446" r="9" />
          <circle cx="260" cy="504" r="9" />
        </g>
      </g>
      <circle cx="342" cy="422" r="13" fill="#ff7a3d" stroke="#1a1614" stroke-width="5" />
    </svg>
  );
}
