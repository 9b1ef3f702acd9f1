export * from './csv/write-csv-delivery.ts'
