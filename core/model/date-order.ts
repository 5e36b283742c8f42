/** Order of day and month in dates such as `3/4/2025`. */
export type DateOrder = 'day-first' | 'month-first'
