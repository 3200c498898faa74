from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

HERE = Path(__file__).parent
STOCK = HERE.parent
FUNCTIONS = ("ledger", "reservations", "approvals", "guards")
REASONS = ("Damaged", "Lost", "Stolen", "Found", "Worn out", "Recorded wrongly")


def begin_list(apps, schema_editor):
    reason = apps.get_model("stock", "Reason")
    reason.objects.bulk_create(reason(text=text) for text in REASONS)


class Migration(migrations.Migration):

    dependencies = [
        ('products', '0003_supplier'),
        ('stock', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL((HERE / "0002_acts.sql").read_text()),
        *[migrations.RunSQL((STOCK / f"{name}.sql").read_text()) for name in FUNCTIONS],
        migrations.RunSQL((HERE / "0002_verification.sql").read_text()),
        migrations.RunSQL(
            "INSERT INTO stock_tally SELECT count(*) FILTER (WHERE is_active OR on_hand > 0),"
            " sum(on_hand), count(*) FILTER (WHERE on_hand BETWEEN 1 AND reorder_point),"
            " count(*) FILTER (WHERE is_active AND on_hand = 0)"
            " FROM stock_total JOIN products_product ON id = product_id HAVING count(*) > 0"
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('movements', models.JSONField(verbose_name='movements')),
                ('batch_kind', models.TextField(blank=True, verbose_name='kind')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('reference', models.TextField(blank=True, verbose_name='reference')),
                ('units', models.BigIntegerField(verbose_name='units')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='value')),
                ('created_at', models.DateTimeField(verbose_name='time')),
                ('idempotency_key', models.UUIDField()),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('refusal', models.TextField(blank=True, verbose_name='why refused')),
            ],
            options={
                'verbose_name': 'approval',
                'verbose_name_plural': 'approvals',
                'db_table': 'stock_approval',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('transfer', 'Transfer'), ('receipt', 'Receipt of goods'), ('bulk', 'Bulk action'), ('import', 'Import'), ('count', 'Stock count'), ('reversal', 'Undo')], verbose_name='kind')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('reference', models.TextField(blank=True, verbose_name='reference')),
                ('idempotency_key', models.UUIDField()),
                ('created_at', models.DateTimeField(verbose_name='time')),
            ],
            options={
                'verbose_name': 'batch',
                'verbose_name_plural': 'batches',
                'db_table': 'stock_batch',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.BigIntegerField(verbose_name='quantity')),
                ('left_over', models.BigIntegerField(verbose_name='still held')),
                ('recipient', models.TextField(verbose_name='for whom')),
                ('reference', models.TextField(blank=True, verbose_name='reference')),
                ('until', models.DateField(verbose_name='until')),
                ('created_at', models.DateTimeField(verbose_name='time')),
                ('idempotency_key', models.UUIDField()),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                ('closed_as', models.TextField(choices=[('', 'open'), ('issued', 'issued'), ('released', 'released'), ('expired', 'expired')], verbose_name='closed as')),
            ],
            options={
                'verbose_name': 'reservation',
                'verbose_name_plural': 'reservations',
                'db_table': 'stock_reservation',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='StockTotal',
            fields=[
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='total', serialize=False, to='products.product', verbose_name='product')),
                ('on_hand', models.BigIntegerField(verbose_name='on hand')),
                ('reserved', models.BigIntegerField(verbose_name='reserved')),
                ('value', models.DecimalField(decimal_places=4, max_digits=20, verbose_name='value')),
                ('average', models.DecimalField(decimal_places=6, max_digits=20, verbose_name='average cost')),
                ('moved_at', models.DateTimeField(null=True, verbose_name='last moved')),
            ],
            options={
                'verbose_name': 'stock of a product',
                'verbose_name_plural': 'stock of products',
                'db_table': 'stock_total',
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Reason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=200, verbose_name='reason')),
                ('kind', models.CharField(blank=True, choices=[('adjustment', 'Adjustment'), ('write_off', 'Write-off')], max_length=16, verbose_name='kind')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
            ],
            options={
                'verbose_name': 'reason',
                'verbose_name_plural': 'reasons',
                'db_table': 'stock_reason',
                'ordering': ['text'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('text'), models.F('kind'), name='reason_unique', violation_error_message='This reason is in the list already.')],
            },
        ),
        migrations.RunPython(begin_list, migrations.RunPython.noop),
    ]
