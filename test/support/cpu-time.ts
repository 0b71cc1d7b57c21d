/** Milliseconds of processor time that this process took, which other programs on the machine do not change. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
