// Package yamlfile reads files of YAML that people write by hand: a council's forms, its paying
// policies. A mistake does not end the reading: each is noted with its file, line and the way down to
// it, so that an author can put all of them right in one go. What a name may hold is said by the caller.
package yamlfile
