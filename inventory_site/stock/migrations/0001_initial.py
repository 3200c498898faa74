from pathlib import Path

from django.db import migrations, models


HERE = Path(__file__).parent


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("access", "0001_initial"),
        ("products", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL((HERE / "0001_ledger.sql").read_text()),
        migrations.CreateModel(
            name='StockLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_hand', models.BigIntegerField(verbose_name='on hand')),
                ('reserved', models.BigIntegerField(verbose_name='reserved')),
                ('seq', models.BigIntegerField()),
                ('head_hash', models.BinaryField()),
                ('moved_at', models.DateTimeField(null=True, verbose_name='last moved')),
            ],
            options={
                'verbose_name': 'stock level',
                'verbose_name_plural': 'stock levels',
                'db_table': 'stock_level',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='StockTransaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField()),
                ('kind', models.TextField(choices=[('receipt', 'Receipt'), ('issue', 'Issue'), ('adjustment', 'Adjustment'), ('reversal', 'Reversal')], verbose_name='kind')),
                ('quantity', models.BigIntegerField(verbose_name='quantity')),
                ('balance_after', models.BigIntegerField(verbose_name='balance after')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('reference', models.TextField(blank=True, verbose_name='reference')),
                ('idempotency_key', models.UUIDField()),
                ('digest', models.BinaryField()),
                ('created_at', models.DateTimeField(verbose_name='time')),
                ('prev_hash', models.BinaryField()),
                ('hash', models.BinaryField()),
            ],
            options={
                'verbose_name': 'transaction',
                'verbose_name_plural': 'transactions',
                'db_table': 'stock_transaction',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('levels', models.BigIntegerField(verbose_name='balances')),
                ('transactions', models.BigIntegerField(verbose_name='transactions')),
                ('differences', models.BigIntegerField(verbose_name='differences')),
                ('first_bad', models.TextField(blank=True, verbose_name='first difference')),
            ],
            options={
                'verbose_name': 'verification',
                'verbose_name_plural': 'verifications',
                'db_table': 'stock_verification',
                'get_latest_by': 'started_at',
            },
        ),
        migrations.RunSQL((HERE / "0001_verification.sql").read_text()),
    ]
