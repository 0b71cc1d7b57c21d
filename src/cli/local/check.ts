/** One thing that is as it should be, or is not; then `Finding` says what to do. */
export interface Check {
  Name: string
  Ok: boolean
  Finding: string
}

/** @param look answers what it found in order, and throws what is not. */
export async function check(Name: string, look: () => string | Promise<string>): Promise<Check> {
  try {
    return { Name, Ok: true, Finding: await look() }
  } catch (error) {
    return { Name, Ok: false, Finding: (error as Error).message }
  }
}
