/** The result of one check. If it failed, `Finding` says what to do. */
export interface Check {
  Name: string
  Ok: boolean
  Finding: string
}

/** @param look returns the finding of a successful check and throws that of a failed one */
export async function check(Name: string, look: () => string | Promise<string>): Promise<Check> {
  try {
    return { Name, Ok: true, Finding: await look() }
  } catch (error) {
    return { Name, Ok: false, Finding: (error as Error).message }
  }
}
