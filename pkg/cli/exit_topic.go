package cli

// topicExitCodes is printed by incident help exit-codes; a test holds docs/reference/exit-codes.md to it.
const topicExitCodes = `    0   done; also: nothing was to be done, or the list is empty
    1   an error in incident itself
    2   the command line is not understood, or something is missing that nobody can be asked for
    3   you gave up: the editor failed, or the text was empty
    4   not found: no such incident, entry, file or record
    5   not allowed in this state
    6   conflict: a key was used for something else, a file was edited, the repository is locked
    7   the content was refused: it would reach the wrong readers
    8   data or configuration is invalid
    9   git failed, or the disk did; or there is no git program
   10   some deliveries failed
   11   the page could not be built or published
   12   a check found problems
   13   the network could not be reached
  130   interrupted`
