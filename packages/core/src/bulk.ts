export * from './csv/csv-header.ts'
export * from './csv/write-csv-delivery.ts'
