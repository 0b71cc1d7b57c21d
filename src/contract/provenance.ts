/** The source of each rule of the API. The published model needs no rules, because conformance tests compare it. */

/**
 * `documented`: in the published reference, guides or samples. `observed`: in responses of the original that users
 * quoted. `inferred`: undocumented, Belfry's choice. `differs`: deliberately different from the original.
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
