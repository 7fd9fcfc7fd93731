/** The mark: an A that is a climber, one arm reaching a hold above. */
export function LogoMark() {
  return (
    <svg class="logo-mark" viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="16" fill="#1d1a17" />
      <path d="M13 51 29 18l18 33" fill="none" stroke="#f6f1ea" stroke-width="6.5" stroke-linecap="round" stroke-linejoin="round" />
      <path d="M21 39 37 31 50 15" fill="none" stroke="#ff7a3d" stroke-width="6.5" stroke-linecap="round" stroke-linejoin="round" />
      <circle cx="50" cy="15" r="5.5" fill="#ff7a3d" />
    </svg>
  );
}
