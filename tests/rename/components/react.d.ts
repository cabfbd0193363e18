// As much of React as the components need.

declare namespace JSX {
  type Element = unknown
  type ElementType = string | ((props: never) => unknown)
  interface IntrinsicAttributes {
    key?: string | number
  }
  interface IntrinsicElements {
    li: { children?: unknown }
    ul: { children?: unknown }
  }
}
