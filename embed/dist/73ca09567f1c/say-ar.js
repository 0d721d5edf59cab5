var e={close:"إغلاق",next:"التالي",done:"تم",step:"الخطوة {n} من {of}",reach:"اضغط F6 للانتقال إليها",find:"انتقل إليه"};export{e as default};
