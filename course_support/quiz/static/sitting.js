// The test and the challenge: see quiz.js, after which this is loaded.
