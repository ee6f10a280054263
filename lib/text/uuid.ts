const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text from outside is an id: what is none names nothing. */
export const isUuid = (text: string): boolean => UUID.test(text);
