/** Whether `npm run test:full` runs the test: with more seeds and repetitions than `npm test`. */
export const isFullRun = process.env['TEST_FULL'] === 'true';
