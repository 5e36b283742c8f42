/** A PNG with the QR code of `https://qr.example/login?u=alice`, made with zxing-wasm's writer at four pixels per module. */
export const QR_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAIQAAACECAAAAAB0L9x7AAACiElEQVR4XmP8zzDwgIlh1BGQEBgNCVhKGA2J0ZBALxVG08RomhhN' +
    'E7jqykGRO1jQXceIp2oHtT1A8sg0SDlMD3LbhJA5yNaMlhODqpxgwZYEsLU70eMdpgZbeoCZic+c0TSBLeQHZzkBcylyPkePW1hZ' +
    'AVILKzNwpQ185ozWooOyFmVhoABgqx+Q0wuxRo/WHYMqd1CUJrDVH4xkpLHRNDE00gShsSx87QjkZEHMmNhomhj8aQJfXkfvdyDz' +
    '0YsIYsuM0TQxuNMEOWPdyG0ImH5SzBlNE4MqTTBi61OAXAjrTyCzscUzejmB3MbApx65TBlNE0OvnEAuB7ClAfQ6Al99gi2djKaJ' +
    'wV1OYGsTwMoM9H4GrAyB6cHXfsBXfoymicFdTsDiFTkd4KsfkNMQrngH6ceXXkbTxNApJ9DrDGztDHx9jdH2BAOJYFDkDrxtTOQ6' +
    'AbnNiS1tIJcDyGkBW1sEPaBGy4nBXXcgxxe+egS9LQHTh972AIkjpxfkNDKoQmI0YcKig+h5UeRyAlu8YmtLYGuHYGtXjEbHoMod' +
    'WOsO9HoCWxmAqwzBVoEim4etjTGaJgZ33QGLs/9EtI7Q1RKqN3AZOZomBneaIDTGgJwOsNUhMN+hy+Hqp4LUj6aJwZ0mQK7DVkbg' +
    'ayeitxtwmTFaThAqfAdF7sC5fgI5DSCnEWzlCHr7g5GBNDBaTgz+coJQjOJKI+hpA1t5M9rGxBe6g7ucwOVyXPEMKhuwlS24yhVk' +
    '80fLiaFRTvzHkShw1Skw5chtSWQxfPXJaJoY/GmCUHsAuY6AtS+x9SuwiWEzezRNDKo0MbqHeFBFx2juGI0O9Ap6NE2MponRNIGj' +
    '2cowmjsGVe4AAC1ughcUqWnsAAAAAElFTkSuQmCC',
  'base64',
)
