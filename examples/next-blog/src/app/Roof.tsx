/** The mark: two rafters, and the purlins that tie them to the frame. */
export function Roof() {
  return (
    <svg
      className="roof"
      viewBox="0 0 48 32"
      width="42"
      height="28"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M3 29 24 4l21 25" strokeWidth="2.5" />
      <path d="M9 29h30M24 4v25" strokeWidth="1.5" opacity=".55" />
      <path d="m24 29-8.6-14.8M24 29l8.6-14.8" strokeWidth="1.5" opacity=".55" />
      <g className="purlins">
        <circle cx="15.4" cy="14.2" r="2.4" />
        <circle cx="32.6" cy="14.2" r="2.4" />
        <circle cx="24" cy="4" r="2.4" />
      </g>
    </svg>
  )
}
