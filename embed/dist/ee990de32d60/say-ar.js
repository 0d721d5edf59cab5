var o={close:"إغلاق",next:"التالي",done:"تم",step:"الخطوة {n} من {of}",reach:"اضغط F6 للانتقال إليها"};export{o as default};
