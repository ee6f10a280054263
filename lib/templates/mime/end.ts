/** What follows a message in DATA (RFC 5321 §4.1.1.4), after the CRLF of its last line. */
export const END_OF_DATA = ".\r\n";
