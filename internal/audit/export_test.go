package audit

// SealedSQL is how heads read the seals, for tests that tamper in a transaction of their own.
const SealedSQL = sealedSQL
