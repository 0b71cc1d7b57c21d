/** `npm run test:faults` takes its time; an ordinary run of the tests does less of the same. */
export const isFull: boolean = process.env['MODE'] === 'full'
