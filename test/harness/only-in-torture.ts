/** For tests that are long and repeat what shorter ones show: `npm test` skips them, and says so. */
export const onlyInTorture = { skip: process.env.TORTURE ? false : 'npm run torture plays it' }
