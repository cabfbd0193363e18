'use client'

import * as actions from './actions'

/** What makes the actions reachable: a component that could call them. */
export function Caller() {
  return Object.keys(actions).map(name => (
    <button key={name} onClick={() => actions[name]()}>
      {name}
    </button>
  ))
}
