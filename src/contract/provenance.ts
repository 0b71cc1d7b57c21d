/** Where each rule of the API is from. What the published model says needs no rule: the conformance tests compare it. */

/**
 * `documented`: in the published reference, guides or samples. `observed`: in answers of the original that its users
 * quoted. `inferred`: nowhere written; Belfry's choice. `differs`: knowingly not as the original did.
 */
export const sources = ['documented', 'observed', 'inferred', 'differs'] as const
export type Source = (typeof sources)[number]

/** One short sentence that is true of the code. */
export interface Rule {
  source: Source
  text: string
}

const from =
  (source: Source) =>
  (text: string): Rule => ({ source, text })

export const documented = from('documented')
export const observed = from('observed')
export const inferred = from('inferred')
export const differs = from('differs')
