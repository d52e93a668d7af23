export const contentSecurityPolicy: string;
