/** What is said of a file that is being written, or read. */
export const followWords = {
  sessionOf: 'session {0}',
  readingFile: 'Reading the file',
  openingFile: 'The file is being read…',
  runReadSoFar: 'At least: more of this run may be in the part of the file that is not read yet.',
  soFar: 'so far',
  readSoFar: '{0} of the file is read, newest first. What is shown is of that part.',
  following: 'Following: what is written to the file is shown as it comes. Click to pause.',
  followPaused: 'Paused',
  followBehind: 'Paused, has changed',
  followResume:
    'Nothing changes by itself; what is opened or sorted is read from the file as it is now. Click to follow it again.',
} as const;
