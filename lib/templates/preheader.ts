/** The class of the line that stands beside the subject in a list of mails, and nowhere else. */
export const PREHEADER_CLASS = "assenso-preheader";
