/** The result of one check. If it failed, `Finding` says what to do. */
export interface Check {
  Name: string
  Ok: boolean
  /** Set if all is well but something should be done. */
  Warning?: true
  Finding: string
}

/** Thrown by a check that found nothing broken, but something that should be done. */
export class Warning extends Error {}

/** @param look returns the finding of a successful check and throws that of a failed one */
export async function check(Name: string, look: () => string | Promise<string>): Promise<Check> {
  try {
    return { Name, Ok: true, Finding: await look() }
  } catch (error) {
    if (error instanceof Warning) return { Name, Ok: true, Warning: true, Finding: error.message }
    return { Name, Ok: false, Finding: (error as Error).message }
  }
}
