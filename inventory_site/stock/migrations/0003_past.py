from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0003_supplier'),
        ('stock', '0002_acts'),
    ]

    operations = [
        migrations.RunSQL((HERE / "0003_past.sql").read_text()),
        migrations.RunSQL((HERE.parent / "past.sql").read_text()),
    ]
