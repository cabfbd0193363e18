const bays = [3, 2, 1, 0]
/** Moves a point from the first truss to the truss of a bay. */
const at = (bay: number, x: number, y: number) => `${x + bay * 54} ${y - bay * 22}`

/** The drawing beside the title: four trusses, and the purlins that tie them to one roof. */
export function Frame() {
  return (
    <svg
      className="frame"
      viewBox="0 0 384 262"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {bays.map(bay => (
        <g key={bay} opacity={1 - bay * 0.2}>
          <path d={`M${at(bay, 12, 190)} L${at(bay, 110, 82)} L${at(bay, 208, 190)} Z`} strokeWidth="2.5" />
          <path d={`M${at(bay, 110, 190)} L${at(bay, 110, 82)}`} />
          <path d={`M${at(bay, 110, 190)} L${at(bay, 61, 136)} M${at(bay, 110, 190)} L${at(bay, 159, 136)}`} />
          <path
            d={`M${at(bay, 18, 190)} V${254 - bay * 22} M${at(bay, 202, 190)} V${254 - bay * 22}`}
            strokeWidth="2.5"
          />
          <path d={`M${at(bay, 18, 212)} L${at(bay, 40, 190)} M${at(bay, 202, 212)} L${at(bay, 180, 190)}`} />
        </g>
      ))}
      <g className="purlins" strokeWidth="3">
        <path d={`M${at(-0.15, 110, 82)} L${at(3.15, 110, 82)}`} />
        <path d={`M${at(-0.15, 61, 136)} L${at(3.15, 61, 136)}`} />
        <path d={`M${at(-0.15, 159, 136)} L${at(3.15, 159, 136)}`} />
      </g>
    </svg>
  )
}
