package routing

// readOn is when the sources of the routings were read.
const readOn = "2026-11-28"
