"""How often elements were found, by day, page and browser."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from guides.ids import uuid7


class Migration(migrations.Migration):
    dependencies = [("guides", "0001_first")]
    initial = False

    operations = [
        ops.CreateModel(
            name="DailyFinding",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("environment_id", fields.UUIDField()),
                ("guide_id", fields.UUIDField()),
                ("day", fields.DateField()),
                ("item", fields.CharField(max_length=40)),
                ("page", fields.CharField(default="", max_length=200)),
                ("browser", fields.CharField(default="", max_length=20)),
                ("reason", fields.CharField(default="", max_length=40)),
                ("times", fields.BigIntField(default=0)),
                ("scored", fields.BigIntField(default=0)),
                ("score", fields.BigIntField(default=0)),
            ],
            options={
                "table": "daily_finding",
                "app": "guides",
                "unique_together": (("environment_id", "guide_id", "day", "item", "page", "browser", "reason"),),
                "pk_attr": "id",
                "table_description": "How often the element of one item was found on one day, or missed for one reason, by page and browser.",
            },
            bases=["Model"],
        ),
    ]
