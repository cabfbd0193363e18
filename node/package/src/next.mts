export { withPurlin } from './next.js'
