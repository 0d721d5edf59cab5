export default function survey() {}
