from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

HERE = Path(__file__).parent


class Migration(migrations.Migration):

    dependencies = [
        ('stock', '0003_past'),
    ]

    operations = [
        migrations.AddField(
            model_name='verification',
            name='finished_at',
            field=models.DateTimeField(null=True, verbose_name='finished at'),
        ),
        migrations.AddField(
            model_name='verification',
            name='is_incremental',
            field=models.BooleanField(db_default=False, verbose_name='only what is new'),
        ),
        migrations.AddField(
            model_name='verification',
            name='full_at',
            field=models.DateTimeField(null=True, verbose_name='everything verified at'),
        ),
        migrations.AddField(
            model_name='verification',
            name='proven',
            field=models.BigIntegerField(db_default=0, verbose_name='transactions in all'),
        ),
        migrations.AddField(
            model_name='verification',
            name='faults',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], size=None, verbose_name='differences found'),
        ),
        migrations.RunSQL((HERE / "0004_proofs.sql").read_text()),
        migrations.RunSQL((HERE.parent / "verification.sql").read_text()),
    ]
