from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0006_territories_in_full")]

    operations = [
        migrations.AddField(
            model_name="pool",
            name="gives_back",
            field=models.CharField(
                choices=[
                    ("never", "never"),
                    ("declined", "for a lead that is declined"),
                    ("declined_junk", "for a lead that is declined or junk"),
                ],
                db_default="declined",
                default="declined",
                help_text="A rep whose turn is given back comes sooner again. Leads given by hand use no turn.",
                max_length=13,
                verbose_name="a turn is given back",
            ),
        ),
    ]
