/** True in `npm run test:faults`, where the fault tests run longer and more rounds than in `npm test`. */
export const isFullRun: boolean = process.env['MODE'] === 'full'
