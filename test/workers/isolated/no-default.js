export const handler = 'elsewhere'
