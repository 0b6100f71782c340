complete -c cqlsh -s u -l username -d 'Log in as this role; without a password it is asked for on the terminal' -r
complete -c cqlsh -s p -l password -d 'The role\'s password; CQLSH_PASSWORD and --password-file do not show it to other users of the machine' -r
complete -c cqlsh -l password-file -d 'Read the role\'s password from the first line of this file, or of standard input (-)' -r
complete -c cqlsh -s k -l keyspace -d 'Start in this keyspace' -r
complete -c cqlsh -s f -l file -d 'Run the statements of this file, or of each *.cql in this directory in the order of their names, then exit; they may be compressed (.gz, .zst)' -r
complete -c cqlsh -s e -l execute -d 'Run these statements, then exit' -r
complete -c cqlsh -l cqlshrc -d 'The settings file (~/.cassandra/cqlshrc)' -r
complete -c cqlsh -l credentials -d 'The file with user name and password (credentials, beside the settings file)' -r
complete -c cqlsh -l cqlversion -d 'Connect only if the server speaks this version of CQL' -r
complete -c cqlsh -l protocol-version -d 'Connect only if the server speaks this version of the native protocol; version 4 is what is spoken' -r
complete -c cqlsh -l connect-timeout -d 'Give up connecting after this many seconds (5)' -r
complete -c cqlsh -l wait -d 'Wait until the server has started and lets this user in, and give up after this many seconds (120)' -r
complete -c cqlsh -l request-timeout -d 'Give up waiting for an answer after this many seconds (10)' -r
complete -c cqlsh -l encoding -d 'Accepted for cqlsh\'s sake if Python knows the encoding; everything is UTF-8' -r
complete -c cqlsh -l browser -d 'Show HELP\'s pages with this program, or this command with %s for the address (BROWSER, or the desktop\'s)' -r
complete -c cqlsh -l sandbox -d 'Start a throwaway Cassandra node (5.0, 4.1, 4.0 or 3.11) and run against it; it is gone afterwards' -r
complete -c cqlsh -s C -l color -d 'Colour results even when they do not go to a terminal'
complete -c cqlsh -l no-color -d 'Never colour results'
complete -c cqlsh -l ssl -d 'Connect with TLS'
complete -c cqlsh -l stop-on-error -d 'End a script at its first error, with status 2'
complete -c cqlsh -l debug -d 'Say on stderr what the program does'
complete -c cqlsh -l coverage -d 'Accepted for cqlsh\'s sake; it measured cqlsh\'s own tests'
complete -c cqlsh -s t -l tty -d 'Show prompts even when standard input is not a terminal'
complete -c cqlsh -l disable-history -d 'Do not save this session\'s commands in the history file'
complete -c cqlsh -l insecure-password-without-warning -d 'Do not warn about a password on the command line'
complete -c cqlsh -s v -l version -d 'Print the version and exit'
complete -c cqlsh -s h -l help -d 'Print this help and exit'
