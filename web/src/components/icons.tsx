import type { ComponentChildren } from "preact";

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

export const CameraIcon = () => (
  <Icon>
    <path d="M3 8.5A2.5 2.5 0 0 1 5.5 6h8A2.5 2.5 0 0 1 16 8.5v7a2.5 2.5 0 0 1-2.5 2.5h-8A2.5 2.5 0 0 1 3 15.5z" />
    <path d="m16 10.5 5-3v9l-5-3" />
  </Icon>
);

/** A climb without a picture: holds on a wall. */
export const NoPictureIcon = () => (
  <Icon>
    <path d="M6 18.5h3M14.5 15h3M7 11h2.5M14 8h2.5M9.5 4.5h2" />
  </Icon>
);

export const FileIcon = () => (
  <Icon>
    <path d="M12 15V4m0 0L8 8m4-4 4 4" />
    <path d="M4 15v3a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-3" />
  </Icon>
);

export const ScissorsIcon = () => (
  <Icon>
    <circle cx="6" cy="6.5" r="2.5" />
    <circle cx="6" cy="17.5" r="2.5" />
    <path d="M8.2 7.8 20 15M8.2 16.2 20 9" />
  </Icon>
);

export const SparkIcon = () => (
  <Icon>
    <circle cx="6" cy="18" r="2" />
    <circle cx="18" cy="6" r="2" />
    <path d="M7.5 16.5 11 13l2-4 3.5-2" />
  </Icon>
);

export const PlayIcon = () => (
  <Icon>
    <path d="M7 4.8v14.4L19 12z" fill="currentColor" />
  </Icon>
);

export const PauseIcon = () => (
  <Icon>
    <path d="M8 5v14M16 5v14" stroke-width="3.5" />
  </Icon>
);

export const StepBackIcon = () => (
  <Icon>
    <path d="M16 5.5 8.5 12l7.5 6.5z" fill="currentColor" />
    <path d="M5 5.5v13" />
  </Icon>
);

export const StepForwardIcon = () => (
  <Icon>
    <path d="M8 5.5 15.5 12 8 18.5z" fill="currentColor" />
    <path d="M19 5.5v13" />
  </Icon>
);

export const TrashIcon = () => (
  <Icon>
    <path d="M4 7h16M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="M19 12H5m0 0 6-6m-6 6 6 6" />
  </Icon>
);

export const RetryIcon = () => (
  <Icon>
    <path d="M4 12a8 8 0 1 1 2.5 5.8" />
    <path d="M4 19v-4.5h4.5" />
  </Icon>
);

export const StopIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
);

export const PreviousIcon = () => (
  <Icon>
    <path d="m14.5 5-7 7 7 7" />
  </Icon>
);

export const NextIcon = () => (
  <Icon>
    <path d="m9.5 5 7 7-7 7" />
  </Icon>
);

export const CompareIcon = () => (
  <Icon>
    <rect x="3.5" y="4.5" width="7" height="15" rx="1.5" />
    <rect x="13.5" y="4.5" width="7" height="15" rx="1.5" />
  </Icon>
);

export const SaveIcon = () => (
  <Icon>
    <path d="M7 4h10a1 1 0 0 1 1 1v15l-6-4.5L6 20V5a1 1 0 0 1 1-1z" />
  </Icon>
);

export const ArchiveIcon = () => (
  <Icon>
    <path d="M4 5h16v4H4zM5.5 9v10h13V9M10 13h4" />
  </Icon>
);

export const ShareIcon = () => (
  <Icon>
    <circle cx="18" cy="5" r="2.5" />
    <circle cx="6" cy="12" r="2.5" />
    <circle cx="18" cy="19" r="2.5" />
    <path d="m8.2 10.8 7.6-4.4m-7.6 6.8 7.6 4.4" />
  </Icon>
);

export const ToolsIcon = () => (
  <Icon>
    <path d="M4 7h9m5 0h2M4 17h2m5 0h9" />
    <circle cx="15.5" cy="7" r="2.5" />
    <circle cx="8.5" cy="17" r="2.5" />
  </Icon>
);

export const LoopIcon = () => (
  <Icon>
    <path d="M17 3.5 20.5 7 17 10.5" />
    <path d="M20 7H8a4 4 0 0 0-4 4v1m3 8.5L3.5 17 7 13.5" />
    <path d="M4 17h12a4 4 0 0 0 4-4v-1" />
  </Icon>
);

export const ChartIcon = () => (
  <Icon>
    <path d="M4 4v16h16" />
    <path d="m7.5 14 3.5-4 3 2.5L19 7" />
  </Icon>
);

export const PenIcon = () => (
  <Icon>
    <path d="m4 20 1-4.5L16 4.5l3.5 3.5L8.5 19z" />
    <path d="m13.5 7 3.5 3.5" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon>
    <path d="M12 4v11m0 0-4-4m4 4 4-4" />
    <path d="M4 16.5v1.5a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-1.5" />
  </Icon>
);

export const ZoomInIcon = () => (
  <Icon>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="m15 15 5 5m-9.5-12v5M8 10.5h5" />
  </Icon>
);

export const ZoomOutIcon = () => (
  <Icon>
    <circle cx="10.5" cy="10.5" r="6" />
    <path d="m15 15 5 5M8 10.5h5" />
  </Icon>
);

export const WholeIcon = () => (
  <Icon>
    <path d="M4 9V5a1 1 0 0 1 1-1h4m6 0h4a1 1 0 0 1 1 1v4m0 6v4a1 1 0 0 1-1 1h-4m-6 0H5a1 1 0 0 1-1-1v-4" />
  </Icon>
);

export const UndoIcon = () => (
  <Icon>
    <path d="M8 5 4 9l4 4" />
    <path d="M4 9h10a5.5 5.5 0 0 1 0 11h-4" />
  </Icon>
);

export const RedoIcon = () => (
  <Icon>
    <path d="m16 5 4 4-4 4" />
    <path d="M20 9H10a5.5 5.5 0 0 0 0 11h4" />
  </Icon>
);
