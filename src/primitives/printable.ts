/** Text from a client, shortened and cleaned so that an error can repeat it, in a header as well. */
export const printable = (text: string, atMost = 200): string => text.slice(0, atMost).replace(/[^ -~]/g, '?')
