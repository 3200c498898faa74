from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0001_initial'),
        ('products', '0004_reorderpoint'),
        ('stock', '0002_acts'),
    ]

    operations = [
        migrations.RunSQL((Path(__file__).parent.parent / "notices.sql").read_text()),
    ]
