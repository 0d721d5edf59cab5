-- The latest text each person wrote for one item, newest first, with how many there are in all.
SELECT latest.text, latest.occurred_at, p.external_id, p.attributes, COUNT(*) OVER () AS total
FROM (
    SELECT
        id,
        person_id,
        occurred_at,
        props ->> 'value' AS text,
        CAST(props -> 'value' AS TEXT) AS value,
        ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY occurred_at DESC, id DESC) AS place
    FROM event
    WHERE environment_id = :environment AND guide_id = :guide AND name = :name AND day >= :since AND day <= :until AND item = :item
) latest
LEFT JOIN person p ON p.id = latest.person_id
WHERE place = 1 AND value LIKE '"%' AND TRIM(latest.text, :blank) <> ''
ORDER BY latest.occurred_at DESC, latest.id DESC
LIMIT :most
