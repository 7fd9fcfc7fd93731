import "./progress-bar.css";

/** A labeled bar, 0 to 100. Without a value it only says that something goes on. */
export function ProgressBar({ label, percent }: { label: string; percent: number | null }) {
  return <progress class="progress-bar" aria-label={label} max={100} {...(percent === null ? {} : { value: percent })} />;
}
